INSERT INTO users (name) SELECT 'a' FROM generate_series(1, 30) n;
