INSERT INTO events SELECT n, timestamptz '2025-12-01' + n * interval '1 day', CASE WHEN n % 2 = 0 THEN 'eu' ELSE 'us' END FROM generate_series(1, 60) n;
