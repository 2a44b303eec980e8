"""What the program has to tell, as a code and its figures; words are made where people read them.

Whoever finds something out makes a `Message`. `texts` has the sentence of every code, and `figures` the kinds
of what it holds, with which the messages of a plan are read and written. `saying` says them in the reader's
language: it is for views and the command line, not for those who make messages.
"""

from cadreplan.messages.message import Message, Said

__all__ = ["Message", "Said"]
