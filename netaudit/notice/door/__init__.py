"""The way out for notices: the only files of the product that talk to a mail, web or log server.

These hosts are outside the written scope by design: the user names each of them in notices.toml, and nothing else is
asked. Nothing they answer is followed: no redirect, no other host. What they say is bounded in length and in time, and
read only for whether the message was taken. Only `netaudit/notice/deliver.py` comes here, and a test keeps it so.
"""
