// What machines ask of a process: is it alive, is it ready, what are its figures. Apart from the readers' pages, on a port of its own.
import { Hono } from 'hono';
import { reasonOf } from '../errors.ts';
import type { Metrics } from '../metrics.ts';

/** What the answers are made of. */
export interface Health {
  metrics: Pick<Metrics, 'text' | 'contentType'>;
  /** Why this process is not ready; none: it is. */
  troubles(): Promise<string[]>;
}

/** `/healthz` the process answers · `/readyz` it can work (503 and why, where it cannot) · `/metrics` for Prometheus. */
export function operationsPages({ metrics, troubles }: Health): Hono {
  const pages = new Hono();
  pages.get('/healthz', c => c.text('ok\n'));
  pages.get('/readyz', async c => {
    const found = await troubles().catch(error => [reasonOf(error)]);
    return found.length === 0 ? c.text('ok\n') : c.text(`${found.join('\n')}\n`, 503);
  });
  pages.get('/metrics', async c => {
    try {
      return c.body(await metrics.text(), 200, { 'content-type': metrics.contentType });
    } catch (error) {
      return c.text(`${reasonOf(error)}\n`, 503);
    }
  });
  return pages;
}
