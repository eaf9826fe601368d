"""demandsim: what happens to caseloads, waits, children in care and spend when policy, staffing or demand changes."""

__version__ = "0.1.0"
