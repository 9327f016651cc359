"""What the surfaces of Tencent share: callback crypto, bodies, credentials, refusals."""
