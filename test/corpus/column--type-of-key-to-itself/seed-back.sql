INSERT INTO nodes (parent_id, depth, weight, name) SELECT CASE WHEN n > 1 THEN n / 2 END, n / 8, n * 1000, 'node ' || n FROM generate_series(1, 50) n;
