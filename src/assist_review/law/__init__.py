"""Living law: official texts as clauses, imports over restatements, versions by date, differences and their effect."""
