"""Who may do what to escalations, incidents and RCA documents, all on one screen; each answer carries its sentence (HOUSE rules 3 and 4)."""
