package io.sluice.iscsi.netty;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/** How sockets are reached: by Linux's epoll directly where its library loads, else by the JDK. */
record Transport(IoHandlerFactory handlers, Class<? extends ServerSocketChannel> listening) {

    static final Transport JDK = new Transport(NioIoHandler.newFactory(), NioServerSocketChannel.class);

    static Transport best() {
        return Epoll.isAvailable() ? new Transport(EpollIoHandler.newFactory(), EpollServerSocketChannel.class) : JDK;
    }
}
