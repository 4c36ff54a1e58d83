"""The realm that the 401 names (RFC 9110 §11.5). If it is empty, the 401 names the distribution's domain name.

A build writes $AUTHORIZER_REALM into this file (src/realm.py). The realm is not a parameter of the template, because a
viewer-request function could read a parameter's value only by a network call. A 401 makes no network call: every bot
gets one, and it must work while AWS services fail. Nor could the function learn the realm after its first 401: browsers
store passwords by realm, so the realm must not change.
"""

REALM = ""
