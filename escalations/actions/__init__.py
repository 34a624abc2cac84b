"""Everything that can be done to escalations, incidents and RCA documents: one function for each write (HOUSE rule 4)."""
