// Calls the edge with java.net.http.HttpClient as it is by default: BASE_URL TOKEN UPLOAD_BYTES.
// Each request on a client, and so a connection, of its own, as the first of a program.

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

public class Client {
    public static void main(String[] arguments) throws Exception {
        var token = "Bearer " + arguments[1];
        var upload = new byte[Integer.parseInt(arguments[2])];
        send(arguments, "GET", "/api/v1/rows", token, BodyPublishers.noBody());
        send(arguments, "POST", "/api/v1/cases", token, BodyPublishers.ofString("{\"court\": \"Mahakam\u00e1\"}"));
        send(arguments, "HEAD", "/api/v1/cases", token, BodyPublishers.noBody());
        send(arguments, "GET", "/api/v1/cases", "Bearer x", BodyPublishers.noBody());
        send(arguments, "POST", "/api/v1/imports", token,
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(upload)));
    }

    private static void send(
        String[] arguments, String method, String path, String token, BodyPublisher body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(arguments[0] + path))
            .method(method, body)
            .header("Authorization", token)
            .header("Content-Type", "application/json")
            .build();
        HttpResponse<byte[]> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
        System.out.println(answer.statusCode() + " " + answer.body().length);
    }
}
