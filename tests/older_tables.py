"""Columns that came late to tables of messages.db: a test that makes an older file takes them away."""

LATE = """
alter table messages drop column finish;
drop index consents_of;
alter table consents drop column who;
"""
"""With version 22."""
