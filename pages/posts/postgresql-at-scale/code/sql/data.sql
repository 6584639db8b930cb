-- A simulated firm: 1,000 accounts, 100 instruments.
INSERT INTO account SELECT n, 1000000 FROM generate_series(1, 1000) AS n;
INSERT INTO instrument SELECT n, 'SYM' || n, 0.01 FROM generate_series(1, 100) AS n;
