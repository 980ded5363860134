import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.neo4j.configuration.GraphDatabaseInternalSettings;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;
import org.neo4j.io.ByteUnit;

/**
 * Runs Neo4j Community with Bolt on the loopback interface until it is told to stop. The jars of Maven Central hold no
 * start class for the server, so this is one, run from its source.
 *
 * <p>Arguments: HOME PORT. HOME is the directory for data and logs; port 0 means a free one. Once Bolt answers, its URI
 * is written to HOME/uri and to standard output. Environment:
 *
 * <ul>
 *   <li>NEO4J_AUTH: "none" (default) or "neo4j/PASSWORD", as the official image reads it
 *   <li>NEO4J_PAGECACHE: size of the page cache in MiB (default 256)
 *   <li>NEO4J_STOP_WITH: a process id; when that process ends, the server stops too
 * </ul>
 */
public final class Neo4j {
    private static final String HOST = "127.0.0.1";
    private static final String USER = "neo4j";

    public static void main(String[] args) throws Exception {
        if (args.length != 2) {
            System.err.println("usage: Neo4j.java HOME PORT");
            System.exit(2);
        }
        Path home = Path.of(args[0]).toAbsolutePath();
        int port = Integer.parseInt(args[1]);
        if (port == 0) {
            port = freePort();
        }
        Files.createDirectories(home);
        Path uriFile = home.resolve("uri");
        Files.deleteIfExists(uriFile);

        String password = password(System.getenv().getOrDefault("NEO4J_AUTH", "none"));
        DatabaseManagementService service = start(home, port, password != null);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            service.shutdown();
            stopped.countDown();
        }));
        stopWith(System.getenv("NEO4J_STOP_WITH"));

        if (password != null) {
            service.database(GraphDatabaseSettings.SYSTEM_DATABASE_NAME)
                    .executeTransactionally(
                            "ALTER USER " + USER + " SET PASSWORD $password CHANGE NOT REQUIRED",
                            Map.of("password", password));
        }
        String uri = "bolt://" + HOST + ":" + port;
        announce(uriFile, uri);
        System.out.println(uri);
        stopped.await();
    }

    private static DatabaseManagementService start(Path home, int port, boolean auth) {
        SocketAddress address = new SocketAddress(HOST, port);
        long pageCache = Long.parseLong(System.getenv().getOrDefault("NEO4J_PAGECACHE", "256"));
        return new DatabaseManagementServiceBuilder(home)
                .setConfig(BoltConnector.enabled, true)
                .setConfig(BoltConnector.listen_address, address)
                .setConfig(BoltConnector.advertised_address, address)
                .setConfig(GraphDatabaseSettings.auth_enabled, auth)
                .setConfig(GraphDatabaseSettings.pagecache_memory, ByteUnit.mebiBytes(pageCache))
                // Preallocated transaction logs take 512 MiB of disk before the first node is written.
                .setConfig(GraphDatabaseSettings.preallocate_logical_logs, false)
                // Otherwise Bolt listens for stragglers for ten seconds before it stops.
                .setConfig(GraphDatabaseInternalSettings.netty_server_shutdown_quiet_period, 0)
                .setConfig(GraphDatabaseSettings.shutdown_transaction_end_timeout, Duration.ofSeconds(2))
                .build();
    }

    /** Returns the password that NEO4J_AUTH asks for, or null when authentication is to be off. */
    private static String password(String auth) {
        if (auth.equals("none")) {
            return null;
        }
        if (!auth.startsWith(USER + "/")) {
            throw new IllegalArgumentException("NEO4J_AUTH must be none or " + USER + "/PASSWORD");
        }
        return auth.substring(USER.length() + 1);
    }

    /** The advertised address must name the port before Bolt listens, so the port is chosen first. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        }
    }

    private static void stopWith(String pid) {
        if (pid == null || pid.isEmpty()) {
            return;
        }
        ProcessHandle.of(Long.parseLong(pid))
                .ifPresentOrElse(
                        process -> process.onExit().thenRun(() -> System.exit(0)),
                        () -> System.exit(0));
    }

    /** Whoever waits for the file must never read half of it. */
    private static void announce(Path file, String uri) throws IOException {
        Path draft = file.resolveSibling("uri.part");
        Files.writeString(draft, uri + "\n");
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
