"""Order entry of a simulated trading desk on PostgreSQL, and the clusters that it runs on."""
