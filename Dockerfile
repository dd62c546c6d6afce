# The service: `taruvi serve`. Not run here: the machines this is built on have no Docker engine.
FROM python:3.13-slim AS build
WORKDIR /app
RUN pip install --no-cache-dir uv && uv venv --quiet /app/.venv
COPY requirements-runtime.lock pyproject.toml README.md ./
RUN VIRTUAL_ENV=/app/.venv uv pip sync --quiet --require-hashes requirements-runtime.lock
COPY src ./src
COPY migrations ./migrations
RUN VIRTUAL_ENV=/app/.venv uv pip install --quiet --no-deps -e .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home /app taruvi
WORKDIR /app
COPY --from=build --chown=taruvi /app /app
USER taruvi
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 TARUVI_HOST=0.0.0.0
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/live/', timeout=2)"]
CMD ["taruvi", "serve"]
