/**
 * Prints `PASSED FAILED` for one vitest run, from its JSON report and its exit status. A file that
 * could not be loaded has no tests in the report and counts as one failure, as does a run that
 * failed for another reason.
 */
import { readFileSync } from 'node:fs';

const [report, status] = process.argv.slice(2);
const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
const unloaded = testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')).length;
const failed = numFailedTests + unloaded;
console.log(numPassedTests, failed === 0 && status !== '0' ? 1 : failed);
