// Preloaded into a measured process: prints, when it ends, the CPU milliseconds and the peak memory that it used.
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const { maxRSS } = process.resourceUsage();
  process.stderr.write(`\n#cpu ${(user + system) / 1000} ${maxRSS / 1024}\n`);
});
