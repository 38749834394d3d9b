<?php

$url = getenv('AUTHENTIK_URL') . '/api/v3//oauth2/authorization_codes/1/';
$header = 'Authorization: Bearer ' . getenv('AUTHENTIK_TOKEN');
// A redirect is followed, with the header, to any server.
$answer = file_get_contents($url, false, stream_context_create(['http' => ['header' => $header]]));
echo json_decode($answer)->user->username, "\n";
