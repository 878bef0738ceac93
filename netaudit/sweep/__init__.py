"""Who is there: ARP on the own links, TCP connects everywhere, or nmap."""
