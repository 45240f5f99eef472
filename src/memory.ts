// How much memory a process takes before it looks for what nobody needs any more.
import v8 from 'node:v8';

// New objects get a megabyte, where V8 would let that grow to 32: two thirds of a sender's memory, for the same CPU.
v8.setFlagsFromString('--semi-space-growth-factor=1');
