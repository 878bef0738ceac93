"""Devices to findings: the tests of a rule and their explanation. Laws are data in signatures/policies/."""
