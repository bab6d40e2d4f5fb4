# The agent: node, what dist/agent.js loads, and nothing else. No shell, no Nest, no database, no helm.
#   docker build -f images/agent.Dockerfile -t fleetwright/agent:0.1.0 .
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY src ./src
COPY images ./images
RUN npm run build
RUN node images/collect-app.mjs dist/agent.js /out
RUN sh images/rootfs.sh /rootfs node

FROM scratch
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="fleetwright-agent" \
      org.opencontainers.image.description="Keeps one cluster as a Fleetwright hub wants it" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
COPY --from=build /rootfs /
COPY --from=build /out /app
ENV NODE_ENV=production \
    FLEETWRIGHT_DATA_DIR=/data
WORKDIR /app
# The root may be read-only; /data (a cache) and /tmp are to be mounted.
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/node", "--max-semi-space-size=2", "--enable-source-maps", "dist/agent.js"]
