# The same steps as scripts/run, in two stages: the second has no compiler, only the server, its pages and the
# shared libraries it links. The database is another container (docker-compose.yml).

FROM debian:12-slim AS build
SHELL ["/bin/bash", "-c"]
WORKDIR /src
# Packages and Node first: this layer changes only when the scripts do.
COPY scripts scripts
RUN scripts/run --install-only
COPY . .
RUN scripts/run --build-only
RUN . scripts/lib/common.sh && . scripts/lib/packages.sh \
    && mkdir -p /out && cp -r build/release/chat-centre web/dist /out/ \
    && runtime_packages build/release/chat-centre >/out/packages

FROM debian:12-slim
COPY --from=build /out/packages /usr/share/chat-centre/packages
RUN apt-get -q update \
    && xargs apt-get -q -y --no-install-recommends install ca-certificates curl tzdata </usr/share/chat-centre/packages \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/chat-centre --create-home --shell /usr/sbin/nologin chat-centre
COPY --from=build /out/chat-centre /usr/local/bin/chat-centre
COPY --from=build /out/dist /usr/share/chat-centre/web
USER chat-centre
WORKDIR /var/lib/chat-centre
ENV HOST=0.0.0.0 PORT=8080 DATA_DIR=/var/lib/chat-centre WEB_ROOT=/usr/share/chat-centre/web
EXPOSE 8080
VOLUME /var/lib/chat-centre
# SIGTERM: the server refuses new work, closes sockets with 1012 and ends within 10 s.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD curl -fsS -o /dev/null "http://127.0.0.1:${PORT}/health/ready"
ENTRYPOINT ["chat-centre"]
CMD ["serve"]
