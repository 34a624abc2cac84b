"""What the care team does with a case: each view finds the case, checks the form, calls one action and leads back (UX S3 to S5)."""
