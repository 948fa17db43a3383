"""A library as a web page, served by `app.create_app` or `server.serve`, or written as a site.

Nothing is imported here: processes that lay out maps start from this package and need little of it.
"""
