INSERT INTO events SELECT n, '2026-01-15', CASE WHEN n % 2 = 0 THEN 'eu' ELSE 'us' END, 'x' FROM generate_series(1, 30) n;
