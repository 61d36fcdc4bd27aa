INSERT INTO owners SELECT n FROM generate_series(1, 3) n;
INSERT INTO events (at, owner_id, name, size) SELECT timestamptz '2025-06-01' + n * interval '1 day', 1 + n % 3, 'n' || n, n FROM generate_series(1, 100) n;
INSERT INTO notes SELECT number, number, at FROM events;
