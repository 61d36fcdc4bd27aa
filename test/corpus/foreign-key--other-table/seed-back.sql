INSERT INTO others SELECT n FROM generate_series(1, 50) n; INSERT INTO parents SELECT n, 'c' FROM generate_series(1, 50) n; INSERT INTO kids SELECT n, n, 'c' FROM generate_series(1, 20) n;
