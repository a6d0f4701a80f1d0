"""Which addresses may a request go to whose URL a person wrote? None inside our own network, unless it is allowed.

The address that was judged is the one that is connected to: asking the name again could bring another answer.
"""

import ipaddress
import socket
from collections.abc import Sequence

NAT64 = ipaddress.ip_network("64:ff9b::/96")
IPV4_MAPPED = ipaddress.ip_network("::ffff:0:0/96")


def addresses_of(host: str, port: int) -> Sequence[str]:
	"""Those that the name stands for, in the system's order. Raises OSError."""
	found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
	return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def is_public(address: str) -> bool:
	"""Whether the address lies in the open internet, an IPv4 address inside an IPv6 one judged as itself."""
	ip = ipaddress.ip_address(address.partition("%")[0])
	if ip.version == 6 and (ip in NAT64 or ip in IPV4_MAPPED):
		ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
	return ip.is_global and not ip.is_multicast
