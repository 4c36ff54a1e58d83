"""The realm that the 401 names (RFC 9110 §11.5). Empty: the distribution's domain name.

A build writes $AUTHORIZER_REALM in here (src/realm.py). It is no parameter of the template, because nothing that a
template can set reaches a viewer-request function without a network call, and a visitor's first 401 makes none: it is
what every bot gets, and must not depend on AWS being well. Nor may the realm change once it is discovered, for browsers
file passwords under it.
"""

REALM = ""
