INSERT INTO archive.old VALUES (1);
