INSERT INTO items VALUES (1, '2026-01-20', 'a', 1);
