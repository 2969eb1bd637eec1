# The store in a container: web, worker and their launcher. The node, PostgreSQL and Redis are elsewhere (docker-compose.yml).
FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /srv/cryptons store \
 && mkdir -p /srv/cryptons /var/lib/cryptons \
 && chown store /var/lib/cryptons
COPY --from=packages /opt/venv /opt/venv
COPY . /srv/cryptons
WORKDIR /srv/cryptons
USER store
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 CRYPTONS_ENV=production VAR_DIR=/var/lib/cryptons HOST=0.0.0.0 PORT=8000
EXPOSE 8000
VOLUME /var/lib/cryptons
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["/opt/venv/bin/python", "-c", "import os, http.client as h; c = h.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=2); c.request('GET', '/healthz', headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0]}); raise SystemExit(c.getresponse().status != 200)"]
CMD ["/opt/venv/bin/python", "manage.py", "up"]
