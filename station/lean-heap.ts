// Imported first by station/main.ts: tells V8 to prefer a small heap. The station allocates little and decides little per second;
// measured, it holds 30 MB less, and the cut-in is not slower.
import { setFlagsFromString } from 'node:v8'

setFlagsFromString('--optimize-for-size')
