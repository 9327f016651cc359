# 鸿雁的镜像：不用 root，根文件系统可以只读，里面没有编译器和 pip。由 python app.py deploy image 生成。
# The image of Hongyan: not root, its root file system may be read-only, no compiler and no pip in it. Printed by
# python app.py deploy image.
#
#   docker build -t hongyan:1.0.0 .                                     页面和网关 / pages and gateway
#   docker build --target gateway -t hongyan-gateway:1.0.0 .            只有网关 / the gateway alone
#
# 慢的话换成离您近的镜像 / where these are slow, take what is near you:
#   --build-arg PIP_INDEX_URL=https://…/simple  --build-arg BASE=…/debian:bookworm-slim  --build-arg DEBIAN=http://…/debian

ARG BASE=docker.io/library/debian:bookworm-slim

# Python and nothing that builds. tini passes signals on and buries what other programs leave behind.
FROM ${BASE} AS python
ARG DEBIAN=
# hadolint ignore=DL3008
RUN if [ -n "$DEBIAN" ]; then sed -i "s|http://deb.debian.org/debian$|$DEBIAN|" /etc/apt/sources.list.d/debian.sources; fi \
    && apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 tini tzdata \
    && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/*

FROM python AS pip
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3-pip \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/hongyan
COPY requirements.txt runtime/deployment/locks.py /build/

# Every file by its hash, wheels only. What no program imports is taken out; the rest is compiled here, since a
# read-only image keeps nothing that is compiled later.
FROM pip AS gateway-packages
ARG PIP_INDEX_URL=https://pypi.org/simple
RUN python3 /build/locks.py /build/requirements.txt gradio streamlit > /build/gateway.txt \
    && python3 -m venv --without-pip .venv \
    && python3 -m pip --python .venv/bin/python install --quiet --no-cache-dir --require-hashes --only-binary :all: \
        --no-deps --no-compile -r /build/gateway.txt \
    && python3 /build/locks.py --trim .venv \
    && { python3 -m compileall -qq -j 0 .venv/lib || true; }

FROM pip AS packages
ARG PIP_INDEX_URL=https://pypi.org/simple
RUN python3 -m venv --without-pip .venv \
    && python3 -m pip --python .venv/bin/python install --quiet --no-cache-dir --require-hashes --only-binary :all: \
        --no-deps --no-compile -r /build/requirements.txt \
    && python3 /build/locks.py --trim .venv \
    && { python3 -m compileall -qq -j 0 .venv/lib || true; }

# What is written lies in one folder; /tmp may be in memory. Nobody can change the program, least of all itself.
# Without an identity of the machine: all containers of an image would seem to be one.
FROM python AS ground
RUN : > /etc/machine-id \
    && groupadd --system --gid 10001 hongyan \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/hongyan hongyan \
    && install -d -m 700 -o hongyan -g hongyan /var/lib/hongyan
ENV HONGYAN_HOME=/var/lib/hongyan HONGYAN_HOST=0.0.0.0 HONGYAN_PORT=7860 \
    PATH=/opt/hongyan/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOME=/tmp
WORKDIR /opt/hongyan
VOLUME /var/lib/hongyan
EXPOSE 7860
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-m", "runtime.deployment.alive"]
ENTRYPOINT ["/usr/bin/tini", "--", "python", "app.py"]

FROM ground AS gateway
COPY --from=gateway-packages /opt/hongyan/.venv .venv
COPY app.py LICENSE ./
COPY runtime runtime
COPY templates templates
RUN python -m compileall -qq app.py runtime
USER 10001:10001
# One question, to nobody outside: whatever a package was robbed of is found here.
RUN LITELLM_LOCAL_MODEL_COST_MAP=True python -c "import asyncio; from runtime.models.litellm_child.asking import Asking; asyncio.run(Asking().rehearse())"
CMD ["gateway"]

FROM ground AS whole
COPY --from=packages /opt/hongyan/.venv .venv
COPY app.py LICENSE ./
COPY runtime runtime
COPY templates templates
COPY docs docs
COPY builder builder
RUN python -m compileall -qq app.py runtime builder
USER 10001:10001
# One question, to nobody outside: whatever a package was robbed of is found here.
RUN LITELLM_LOCAL_MODEL_COST_MAP=True python -c "import asyncio; from runtime.models.litellm_child.asking import Asking; asyncio.run(Asking().rehearse())"
CMD ["run"]
