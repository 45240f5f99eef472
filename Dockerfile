# syntax=docker/dockerfile:1
# Paperround in a container: no root, nothing but /data is written, the program's files belong to root.
FROM node:26-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No package needs its install script to be built or run here.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build

FROM node:26-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:26-slim
ENV NODE_ENV=production \
    DATA_DIR=/data \
    LISTEN_HOST=0.0.0.0 \
    PORT=8610 \
    METRICS_LISTEN=0.0.0.0:9464 \
    LOG_FORMAT=json
COPY --from=packages /app/node_modules /app/node_modules
COPY --from=build /app/dist /app/dist
COPY package.json CHANGELOG.md LICENSE subscribers.example.json /app/
COPY src/themes/prior /app/src/themes/prior
COPY templates /app/templates
COPY samples /app/samples
RUN ln -s /app/dist/cli.js /usr/local/bin/paperround \
    && install -d -o node -g node -m 0700 /data
USER node
# A paperround.config.* that is put here is found.
WORKDIR /data
VOLUME /data
EXPOSE 8610 9464
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["node", "-e", "fetch('http://127.0.0.1:9464/healthz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["paperround"]
CMD ["serve"]
