"""What proves a plan right: rules, terms, plan documents, programmes, and what a plan made again keeps.

It shares nothing with what it checks but the data itself (`cadreplan.instance`, `cadreplan.plan`).
"""
