INSERT INTO items VALUES (1, 'a'); INSERT INTO customers VALUES (1, 'c@example.org'); INSERT INTO orders VALUES (1, 1, 1);
