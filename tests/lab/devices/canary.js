// The fragile RTSP unit: npm rtsp-streaming-server dies of `GET / HTTP/1.0` on its RTSP port.
// A scan that is polite to devices leaves it alive.
const RtspServer = require("rtsp-streaming-server").default;
const server = new RtspServer({ serverPort: 5554, clientPort: 554, rtpPortStart: 10000, rtpPortCount: 100 });
server.start().then(() => console.log("up"));
