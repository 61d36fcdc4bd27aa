/** The version of our own tables and functions behind partition rules; raised whenever their SQL changes. */
export const partitionSupportVersion = 3;
