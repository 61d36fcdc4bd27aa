INSERT INTO parents SELECT n FROM generate_series(1, 20) n; INSERT INTO kids SELECT n, n FROM generate_series(1, 20) n;
