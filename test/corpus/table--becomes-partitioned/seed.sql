INSERT INTO events SELECT n, timestamptz '2025-06-01' + n * interval '1 day', 'x' FROM generate_series(1, 100) n;
