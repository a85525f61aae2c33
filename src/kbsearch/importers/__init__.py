"""Readers of helpdesk exports: each knows one vendor, all keep what parts staff from customers."""
