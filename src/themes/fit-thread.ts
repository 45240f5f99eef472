// The other side of refit.ts: a worker thread of its own that fits one model, answers with it, and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { type FitTask, fitCandidate } from './candidate.ts';

parentPort?.postMessage(fitCandidate(workerData as FitTask));
