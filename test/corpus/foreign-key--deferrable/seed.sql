INSERT INTO parents SELECT n, 'c' FROM generate_series(1, 20) n; INSERT INTO kids SELECT n, n, 'c' FROM generate_series(1, 20) n;
