INSERT INTO parents SELECT n, 'c' FROM generate_series(1, 20) n; INSERT INTO kids SELECT n, CASE WHEN n < 10 THEN 'eu' ELSE 'us' END, n FROM generate_series(1, 20) n;
